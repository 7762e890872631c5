/**
 * Keys that AWS has and no request to this server ever has, for what they say something of is not here: organisations, private networks,
 * AWS's own services, access points, access grants, batch jobs. Policies may name them; they are compared with nothing. The delivery of access
 * logs, which is no request, has those of services. Of a family, what stands before the key of a tag.
 */
export const ABSENT_KEYS: readonly string[] = [
  ...["aws:PrincipalOrgID", "aws:PrincipalOrgPaths", "aws:ResourceOrgID", "aws:ResourceOrgPaths", "aws:SourceOrgID"],
  ...["aws:SourceOrgPaths", "aws:VpceOrgID", "aws:VpceOrgPaths"],
  ...["aws:SourceVpc", "aws:SourceVpcArn", "aws:SourceVpce", "aws:VpcSourceIp", "aws:VpceAccount"],
  ...["aws:Ec2InstanceSourceVpc", "aws:Ec2InstanceSourcePrivateIPv4", "ec2:RoleDelivery", "ec2:SourceInstanceArn"],
  ...["aws:PrincipalServiceName", "aws:PrincipalServiceNamesList", "aws:SourceAccount", "aws:SourceArn"],
  ...["aws:CalledVia", "aws:CalledViaFirst", "aws:CalledViaLast", "aws:CalledViaAWSMCP", "aws:ViaAWSMCPService"],
  ...["aws:IsMcpServiceAction", "aws:AssumedRoot", "aws:SignInSessionArn", "aws:ChatbotSourceArn"],
  ...["s3:AccessPointNetworkOrigin", "s3:AccessPointTag/", "s3:DataAccessPointAccount", "s3:DataAccessPointArn"],
  ...["s3:AccessGrantScope", "s3:AccessGrantsInstanceArn", "s3:AccessGrantsLocationScope"],
  ...["s3:ExistingJobOperation", "s3:ExistingJobPriority", "s3:JobSuspendedCause", "s3:RequestJobOperation"],
  ...["s3:RequestJobPriority", "s3:deliverySourceArn", "s3:destinationRegion", "s3:isReplicationPauseRequest", "s3:logType"],
  "s3:resourceArnBeingAuthorized",
];
